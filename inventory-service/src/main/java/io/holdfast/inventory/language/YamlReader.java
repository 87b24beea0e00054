package io.holdfast.inventory.language;

/** Turns a file's bytes into nodes. */
public interface YamlReader {

    /** The largest file that is read. */
    int MAX_FILE_BYTES = 8 * 1024 * 1024;

    /** The most values that a file may have once its aliases are written out. */
    int MAX_NODES = 200_000;

    /** The deepest nesting. */
    int MAX_DEPTH = 100;

    /**
     * @param file name for messages
     * @param text in UTF-8
     * @throws InvalidBlueprint if it is not one YAML document, or larger than the limits, or has duplicate keys, unknown tags, or an
     *     alias that contains itself
     */
    YamlNode read(String file, byte[] text);
}
