package io.holdfast.inventory.language;

import java.util.Objects;

/**
 * A place in a file.
 *
 * @param file as the blueprint's author knows it: the path in the archive or the text of the import
 * @param line from 1; 0 where the whole file is meant
 * @param column from 1; 0 where the whole line is meant
 */
public record Mark(String file, int line, int column) {

    public Mark {
        Objects.requireNonNull(file);
        if (line < 0 || column < 0) {
            throw new IllegalArgumentException("a place cannot be negative: " + line + ", " + column);
        }
    }

    /** The file as a whole. */
    public static Mark of(String file) {
        return new Mark(file, 0, 0);
    }

    /** {@code blueprint.yaml, line 3, column 5} */
    @Override
    public String toString() {
        return line == 0 ? file : file + ", line " + line + ", column " + column;
    }
}
