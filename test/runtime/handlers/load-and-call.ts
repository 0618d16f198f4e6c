import { loadHandler } from '../../../src/runtime/handlers/load-handler.ts';
import { handlerFailure } from '../../../src/runtime/handlers/thrown.ts';
import { createRedactor } from '../../../src/runtime/redact.ts';

/** `node load-and-call.ts HOME REFERENCE FILES`: prints what the handler makes of `{ id: 21 }`, or how it fails. */
const [home = '', reference = '', files = '{}'] = process.argv.slice(2);
try {
  const handler = await loadHandler(
    { job: { handlers: JSON.parse(files) } as never, home, redact: createRedactor([]) },
    reference,
  );
  process.stdout.write(JSON.stringify({ result: handler({ id: 21 } as never) }));
} catch (error) {
  const { exit, message } = handlerFailure(error, reference, home, createRedactor([]));
  process.stdout.write(JSON.stringify({ exit, message }));
}
