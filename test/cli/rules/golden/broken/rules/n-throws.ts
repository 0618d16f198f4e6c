throw new RangeError('at once\nand more');
