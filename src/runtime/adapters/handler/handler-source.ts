import { type Answer, BadData, type SourceContext, type SourceHandler } from '../../../handlers/handlers.ts';
import type { HandlerSource } from '../../../spec/handler.ts';
import { bytes } from '../../../spec/quantities.ts';
import type { StepContext } from '../../context.ts';
import { configuration } from '../../errors.ts';
import { logOf, partitionOf } from '../../handlers/partition.ts';
import { handlerFailure } from '../../handlers/thrown.ts';
import type { Page, Position, Reader, Source } from '../../ports/source.ts';
import type { HttpTransport } from '../http/create-transport.ts';
import { createMask } from '../http/mask.ts';
import { advance, lastPage, pageOf } from './batch.ts';
import { nextOrAbort } from './next-or-abort.ts';

export interface HandlerSourceOptions {
  source: HandlerSource;
  handler: SourceHandler;
  context: Pick<StepContext, 'job' | 'home' | 'log' | 'secret' | 'redact'>;
  /** Sends the handler's requests: budget, rate limit, retries and host rules are those of the source. */
  transport: HttpTransport;
}

/**
 * A source of kind handler: each batch that the project's generator yields is a page. A last page without records says
 * that the generator has returned, so that a retry knows a complete slice from one that was cut off.
 */
export function createHandlerSource(options: HandlerSourceOptions): Source {
  const { source, handler, context, transport } = options;
  const who = source.handler;
  const secrets = new Map(
    Object.entries(source.secrets).map(([name, variable]) => [name, context.secret(variable)]),
  );
  const mask = createMask([...secrets.values()]);
  const files = context.job.handlers ?? {};

  return {
    ending: 'json',

    // The code is part of what is asked for: pages of another version are not continued.
    describe: ({ partition, slice }) =>
      context.redact(
        [who, partition, slice ?? '', JSON.stringify(source.options), JSON.stringify(files)].join(' '),
      ),

    resumable: ({ next, page }) => page === 1 || next !== null,

    advance: async (_list, from, body) => advance(from, body, who),

    async *read(reader) {
      if (reader.from.ended) return;
      let position: Position = { ...reader.from };
      const page = (body: Buffer): Page => {
        const masked = mask(body);
        const { records, total, next } = advance(position, masked, who);
        const index = position.page;
        position = next;
        return { index, body: masked, records, total, next, note: null };
      };
      for await (const batch of batchesOf(handler, contextOf(reader), options, reader.signal)) {
        if (position.page > source.max_pages) {
          throw configuration(
            `${who}: ${source.max_pages} batches of ${reader.list.partition} were yielded and there is no end. If that many are right, raise max_pages of the source`,
          );
        }
        const body = pageOf(batch, who);
        if (body.length > bytes(source.max_response)) {
          throw configuration(
            `${who} yielded a batch of ${body.length} bytes and ${source.max_response} are allowed: yield fewer records at a time, or raise max_response of the source`,
          );
        }
        yield page(body);
      }
      yield page(lastPage());
    },
  };

  function contextOf({ list, from, signal, onRequest }: Reader): SourceContext {
    return Object.freeze({
      partition: partitionOf(list.partition, context.job.timezone),
      slice: list.slice,
      checkpoint: from.next === null ? undefined : (JSON.parse(from.next) as unknown),
      options: source.options,
      secret(name: string) {
        const value = secrets.get(name);
        if (value !== undefined) return value;
        const known = [...secrets.keys()].join(', ');
        throw configuration(
          `${who} asks for the secret "${name}", which its source does not name: ${known === '' ? 'it names none' : `it names ${known}`}. Add it to secrets of the source`,
        );
      },
      request: (url, request = {}) => {
        const body = request.json === undefined ? undefined : JSON.stringify(request.json);
        return transport.send({
          url: new URL(url),
          method: request.method ?? (body === undefined ? 'GET' : 'POST'),
          headers: request.headers ?? {},
          body,
          // Whatever it is: the handler reads it.
          format: 'csv',
          signal,
          onRequest,
          accept: (answer) => answerOf(answer.headers, answer.body, context.redact),
        });
      },
      async spend() {
        await transport.spend(signal);
        onRequest();
      },
      log: logOf(context.log, who),
      signal,
    } satisfies SourceContext);
  }
}

function answerOf(headers: Answer['headers'], body: Buffer, redact: (text: string) => string): Answer {
  const text = () => body.toString('utf8');
  return {
    headers,
    body,
    text,
    json<Value>() {
      try {
        return JSON.parse(text()) as Value;
      } catch (cause) {
        throw new BadData(
          `the answer is not JSON: it begins with ${JSON.stringify(redact(text()).slice(0, 80))}`,
          {
            cause,
          },
        );
      }
    },
  };
}

/** What the generator yields, its errors as those of the step; ended when the reading is. */
async function* batchesOf(
  handler: SourceHandler,
  context: SourceContext,
  { source, context: { home, redact } }: HandlerSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  const who = source.handler;
  const own = async <Value>(work: () => Value | Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw handlerFailure(error, who, home, redact);
    }
  };
  const batches: unknown = await own(() => handler(context));
  if (typeof batches !== 'object' || batches === null || !(Symbol.asyncIterator in batches)) {
    throw configuration(
      `${who} returned no async generator: write it as "export async function* …", and yield batches`,
    );
  }
  const iterator = (batches as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const result = await own(() => nextOrAbort(iterator, signal));
      if (result.done === true) {
        done = true;
        return;
      }
      yield result.value;
    }
  } finally {
    // Its own finally blocks run; one that waits for what never comes is not waited for.
    if (!done) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
