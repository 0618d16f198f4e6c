import type { SourceHandler } from '../../../handlers/handlers.ts';
import type { HandlerSource } from '../../../spec/handler.ts';
import type { StepContext } from '../../context.ts';
import { loadHandler } from '../../handlers/load-handler.ts';
import type { Source } from '../../ports/source.ts';
import type { HttpTransport } from '../http/create-transport.ts';
import { createHandlerSource } from './handler-source.ts';

/** The source whose code is in the project; fails as configuration where that is not what the job was built with. */
export async function openHandlerSource(
  context: StepContext,
  source: HandlerSource,
  transport: HttpTransport,
): Promise<Source> {
  const handler = (await loadHandler(context, source.handler)) as SourceHandler;
  return createHandlerSource({ source, handler, context, transport });
}
