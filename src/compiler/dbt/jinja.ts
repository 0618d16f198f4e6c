/** A text in a file that dbt renders: what Jinja would take for its own arrives as it was. */
export function jinjaText(text: string): string {
  return text.replace(/\{(?=[{%#])/g, "{{ '{' }}");
}
