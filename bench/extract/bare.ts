import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/**
 * The limit of the route: nothing is checked, counted or remembered.
 *
 * Usage: node bare.ts extract FOLDER PORT RECORDS SLICES | node bare.ts upload FOLDER
 */
const PAGE = 1000;
const [step, folder = '', port, records = '0', slices = '1'] = process.argv.slice(2);
const pages = join(folder, 'pages');
const compress = promisify(gzip);
const agent = new Agent({ keepAlive: true });

function fetchPage(slice: number, offset: number): Promise<Buffer> {
  const url = `http://127.0.0.1:${port}/flights?slice=${slice}&limit=${PAGE}&offset=${offset}`;
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
    }).on('error', reject);
  });
}

async function extractSlice(slice: number): Promise<void> {
  for (let offset = 0; offset < Number(records) / Number(slices); offset += PAGE) {
    const body = await fetchPage(slice, offset);
    await writeFile(join(pages, `${slice}-${offset}.json.gz`), await compress(body));
  }
}

async function upload(): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`
    copy (select unnest(f, recursive := true) from (select unnest(data) as f from read_json('${pages}/*.gz')))
    to '${join(folder, 'x.parquet')}' (format parquet, compression zstd)`);
}

if (step === 'extract') {
  mkdirSync(pages, { recursive: true });
  await Promise.all(Array.from({ length: Number(slices) }, (_, slice) => extractSlice(slice)));
  agent.destroy();
} else {
  await upload();
}
