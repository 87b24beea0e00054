/**
 * The command line: verbs, tables, progress and exit codes over the public API. Knows no service, no database and no broker; the
 * archive format alone, to read archives without a server.
 */
@NullMarked
package io.holdfast.cli;

import org.jspecify.annotations.NullMarked;
