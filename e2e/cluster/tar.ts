export interface ArchivedFile {
  /** Its path, without a slash before it; at most 100 bytes. */
  readonly name: string;
  /** Default: everybody may read it. */
  readonly mode?: number;
  readonly content: Buffer;
}

const BLOCK = 512;

/** POSIX.1-1988: a header of 512 bytes, then the content filled up to a multiple of them; two empty blocks end it. */
export function tar(files: readonly ArchivedFile[]): Buffer {
  const parts = files.flatMap(({ name, mode = 0o644, content }) => {
    if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for a plain archive`);
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
    header.write(name, 0);
    header.write(octal(mode, 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(content.length, 11), 124);
    header.write(octal(0, 11), 136);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
