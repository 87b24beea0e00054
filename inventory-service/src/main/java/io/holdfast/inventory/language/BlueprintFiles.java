package io.holdfast.inventory.language;

import java.util.Optional;

/** The files of a blueprint's archive, below its one top directory. */
public interface BlueprintFiles {

    /** @param path relative, with slashes, without {@code .} and {@code ..} */
    Optional<byte[]> read(String path);

    /** Whether the path is a file; cheaper than reading it. */
    boolean contains(String path);
}
