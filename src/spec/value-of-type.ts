import { type ColumnType, shapeOf } from './column-type.ts';

const WHOLE = /^[+-]?[0-9]+([.]0+)?$/;
const DATE = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6}0*)?)?';
const MOMENT = new RegExp(`^${DATE}[T ]${TIME}(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$`);

/**
 * Whether a value that the spec gives a column can be one of its type, as far as its form tells; upload looks again,
 * at what it becomes.
 */
export function isValueOfType(type: ColumnType, value: string | number | boolean): boolean {
  const text = String(value);
  const shape = shapeOf(type);
  switch (shape.kind) {
    case 'string':
      return true;
    case 'integer':
    case 'bigint':
      return WHOLE.test(text);
    case 'decimal':
    case 'double':
      return /^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$/.test(text);
    case 'boolean':
      return text === 'true' || text === 'false';
    case 'date':
      return new RegExp(`^${DATE}$`).test(text);
    case 'time':
      return new RegExp(`^${TIME}$`).test(text);
    case 'timestamp':
    case 'local_timestamp':
      return MOMENT.test(text);
    case 'json':
      return isJson(text);
    case 'list':
      return text.startsWith('[') && isJson(text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
