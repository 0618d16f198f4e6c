/** Schema of dbt's models that name none of their own: beside the raw tables, never among them. */
export const MODEL_SCHEMA = 'analytics';
