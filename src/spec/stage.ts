/** `warehouse.stage` of a Snowflake into which load sends the files itself. */
export const INTERNAL_STAGE = 'internal';
