// Nothing but what the start of a step can't do without: the libraries of the log, the job and the requests, and one
// request. What extract takes longer than this is its own.
import axios from 'axios';
import { pino } from 'pino';
import { z } from 'zod';

const log = pino({}, { write: (line: string) => void process.stdout.write(line) });
const { url } = z
  .strictObject({ url: z.string() })
  .parse({ url: process.env.PIPEGEN_VAR_AVIATIONSTACK_URL }, { jitless: true });
log.info('started');
await axios.get(`${url}/flights`, { maxRedirects: 0, proxy: false });
