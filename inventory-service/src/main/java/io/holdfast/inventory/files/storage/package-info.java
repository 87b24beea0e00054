/** The work directories of deployments in PostgreSQL, and archives of files. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.files.storage;

import org.jspecify.annotations.NullMarked;
