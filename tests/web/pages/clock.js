// A clock of the page that a test moves: by `test.ahead` in milliseconds, in the storage of the page.

/** The clock of the page, ahead by what a test says; also in pages opened later. */
export const CLOCK = () => {
  const Real = Date;
  const ahead = () => Number(localStorage.getItem("test.ahead")) || 0;
  window.Date = /** @type {any} */ (class extends Real {
    /** @param {...any} all */
    constructor(...all) {
      if (all.length) super(.../** @type {[any]} */ (all));
      else super(Real.now() + ahead());
    }

    static now() {
      return Real.now() + ahead();
    }
  });
};
