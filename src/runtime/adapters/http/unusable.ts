/** Why an answer that is no error is no page either; thrown by `accept` of a request. Messages continue "the API …". */

/** It is whole and has another form than the spec says: asked for once more, then bad data. */
export class NotAPage extends Error {
  override readonly name = 'NotAPage';
}

/** It came damaged or cut off: a retry may mend it. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** Following it would never end. */
export class Loop extends Error {
  override readonly name = 'Loop';
  /** What to look at, as a sentence without its full stop. */
  readonly hint: string;

  constructor(
    message = 'answered with the same records as on the page before',
    hint = 'It seems to ignore where a page begins: check paginate.offset_param',
  ) {
    super(message);
    this.hint = hint;
  }
}
