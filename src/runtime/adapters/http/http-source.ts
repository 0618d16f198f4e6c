import { bytes } from '../../../spec/quantities.ts';
import { configuration } from '../../errors.ts';
import {
  type Advance,
  beginning,
  type List,
  type Page,
  type Position,
  type Source,
} from '../../ports/source.ts';
import { systemClock } from './clock.ts';
import { createTransport, type TransportOptions } from './create-transport.ts';
import { inflate } from './formats/inflate.ts';
import { type Content, type ContentForm, ENDINGS, readContent } from './formats/read-content.ts';
import { type Absence, waitForFile } from './missing-file.ts';
import { followPage, type Origin } from './paging/follow-page.ts';
import { buildRequest, describeRequest, type HttpExtract, listPart, printable } from './url.ts';
import { readJson } from './verdict.ts';

export interface HttpSourceOptions extends Omit<TransportOptions, 'source' | 'maxRequests'> {
  extract: HttpExtract;
  /** Since when a file that is not there is waited for; milliseconds since 1970. Default: now. */
  began?: number;
  /** Called before each wait for a file that is not there. */
  onAbsence?(absence: Absence): void;
}

/** A source of kind http. One of them for all partitions of a run: budget and rate limit are its own. */
export function createHttpSource(options: HttpSourceOptions): Source {
  const { extract, redact, clock = systemClock } = options;
  const { source: spec, max_requests: maxRequests } = extract;
  const began = options.began ?? clock.now();
  const transport = createTransport({ ...options, source: spec, maxRequests });
  const limit = bytes(spec.max_response);

  function formOf(list: List): ContentForm {
    const format = list.of === 'records' ? extract.format : ({ kind: 'json' } as const);
    return { format, records: listPart(extract, list).records };
  }

  function follow(
    list: List,
    from: Readonly<Position>,
    content: Content,
    origin: Omit<Origin, 'redact'>,
  ): Advance {
    return followPage(from, content, listPart(extract, list).paginate, { ...origin, redact });
  }

  function refuseEndless(list: List, { page }: Position): void {
    const { paginate } = listPart(extract, list);
    if (paginate.kind === 'none' || page <= paginate.max_pages) return;
    throw configuration(
      `${shown(list)}: ${paginate.max_pages} pages were read and there is no end. If that many are right, raise paginate.max_pages`,
    );
  }

  function shown(list: List): string {
    return redact(printable(buildRequest(extract, list, beginning()).url));
  }

  async function ask(list: List, from: Position, signal: AbortSignal, onRequest: () => void): Promise<Page> {
    const { url, method, headers, body } = buildRequest(extract, list, from);
    const form = formOf(list);
    // The body of a gzip file is no JSON yet: whether it holds some is seen when it is inflated.
    const inside = form.format.kind === 'json' && url.pathname.endsWith('.gz');
    return transport.send<Page>({
      url,
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      format: inside ? 'json_lines' : form.format.kind,
      records: form.records,
      signal,
      onRequest,
      async accept(answer) {
        const file = await inflate(answer.body, limit);
        const content = await readContent(file, inside ? readJson(file, form.records) : answer, form);
        const advance = follow(list, from, content, { url, beside: { headers: answer.headers } });
        return { ...advance, index: from.page, body: transport.mask(file) };
      },
    });
  }

  return {
    ending: ENDINGS[extract.format.kind],

    describe: (list) => redact(describeRequest(buildRequest(extract, list, beginning()))),

    async advance(list, from, body, note) {
      const form = formOf(list);
      const read = form.format.kind === 'json' ? readJson(body, form.records) : { document: undefined };
      const content = await readContent(body, read, form);
      return follow(list, from, content, { url: buildRequest(extract, list, from).url, beside: { note } });
    },

    async *read({ list, from, signal, onRequest }) {
      for (let position: Position = from; !position.ended; ) {
        const here = position;
        refuseEndless(list, here);
        const asked = () => ask(list, here, signal, onRequest);
        const first = list.of === 'records' && here.page === 1 ? extract.missing : undefined;
        const page =
          first === undefined
            ? await asked()
            : await waitForFile(asked, first, {
                shown: shown(list),
                began,
                clock,
                signal,
                onAbsence: options.onAbsence,
              });
        yield page;
        position = page.next;
      }
    },
  };
}
