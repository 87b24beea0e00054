package io.holdfast.archive.cloudify;

import java.io.Closeable;
import java.util.List;

/** The files of an archive; directories are not files, and nothing depends on them. */
interface ArchiveFiles extends Closeable {

    /** In no order that means anything. Names are relative, without {@code ..}, each once. */
    List<Blob> all();
}
