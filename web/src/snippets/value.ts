import type { Operation } from '../document/api';
import type { ParameterObject } from '../document/openapi';

/** The version that the SDKs at hand speak; calls of others are shown without an SDK. */
export const SDK_VERSION = '4.0';

/** The value of a parameter in the type that the document gives it. */
export function typed({ schema }: ParameterObject, value: string): unknown {
  switch (schema.type) {
    case 'integer':
    case 'number':
      return Number.isSafeInteger(Number(value)) || schema.type === 'number' ? Number(value) : value;
    case 'boolean':
      return value === 'true';
    case 'array':
      return value.split(',').map((item) => item.trim());
    default:
      return value;
  }
}

/** Whether the value of a parameter is a point in time. */
export function isTime({ schema }: ParameterObject): boolean {
  return schema.format === 'date-time';
}

/** Parameters and body in the order of the SDKs' methods: path, body, query string. */
export function sdkOrder(operation: Operation): { path: ParameterObject[]; query: ParameterObject[] } {
  const of = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  return { path: of('path'), query: of('query') };
}
