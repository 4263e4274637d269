/** A small document with one of everything, for tests. */

import { readApi, type Api } from '../document/api';
import type { Document, OperationObject, ParameterObject, Schema } from '../document/openapi';

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema) => ({ 'application/json': { schema } });
const path = (name: string): ParameterObject => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const query = (name: string, type: string): ParameterObject => ({ name, in: 'query', schema: { type } });

/** An operation with what tests do not care about filled in. */
export function operation(operationId: string, rest: Partial<OperationObject> = {}): OperationObject {
  return {
    operationId,
    summary: operationId.replaceAll('_', ' '),
    tags: ['Shop'],
    'x-looker-status': 'stable',
    responses: { 200: { description: 'Done.' } },
    ...rest,
  };
}

/** The document; `change` edits it first. */
export function shop(change: (document: Document) => void = () => undefined): Document {
  const document: Document = {
    info: { title: 'Shop', version: '4.0.26.22', 'x-looker-release-version': '26.22.0' },
    tags: [{ name: 'Shop', description: 'What the shop sells.' }],
    paths: {
      '/login': {
        post: operation('login', {
          security: [],
          requestBody: { content: { 'application/x-www-form-urlencoded': { schema: ref('Key') } } },
        }),
      },
      '/things': {
        get: operation('all_things', {
          parameters: [query('fields', 'string'), query('limit', 'integer'), query('hidden', 'boolean')],
          responses: { 200: { description: 'The things.', content: json({ type: 'array', items: ref('Thing') }) } },
        }),
        post: operation('create_thing', {
          parameters: [query('fields', 'string')],
          requestBody: { required: true, content: json(ref('Thing')) },
          responses: { 200: { description: 'The thing.', content: json(ref('Thing')) } },
        }),
      },
      '/things/{thing_id}': {
        get: operation('thing', {
          parameters: [path('thing_id'), query('fields', 'string')],
          responses: { 200: { description: 'The thing.', content: json(ref('Thing')) } },
        }),
        delete: operation('delete_thing', {
          parameters: [path('thing_id')],
          deprecated: true,
          'x-implemented': false,
          responses: { 204: { description: 'Gone.' } },
        }),
      },
    },
    components: {
      schemas: {
        Key: { type: 'object', properties: { client_id: { type: 'string' }, client_secret: { type: 'string' } } },
        Thing: {
          type: 'object',
          required: ['id', 'name'],
          properties: {
            id: { type: 'string', readOnly: true },
            name: { type: 'string' },
            count: { type: 'integer', format: 'int64', nullable: true },
            kind: { type: 'string', enum: ['small', 'large'] },
            made_at: { type: 'string', format: 'date-time', nullable: true },
            filters: { type: 'object', additionalProperties: { type: 'string' } },
            labels: { type: 'array', items: { type: 'string' } },
            parts: { type: 'array', items: ref('Thing') },
            owner: { allOf: [ref('Owner')], nullable: true, readOnly: true },
            secret: { type: 'string', writeOnly: true },
            old_name: { type: 'string', deprecated: true },
          },
        },
        Owner: { type: 'object', properties: { id: { type: 'string' }, things: { type: 'array', items: ref('Thing') } } },
      },
    },
  };
  change(document);
  return document;
}

/** The API of the document. */
export function shopApi(change?: (document: Document) => void, version = '4.0'): Api {
  return readApi(shop(change), { version });
}
