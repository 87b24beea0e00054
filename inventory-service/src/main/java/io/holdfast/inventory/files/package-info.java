/** The files of the file server: where they are and how their times are written. Knows neither archives nor HTTP. */
@NullMarked
package io.holdfast.inventory.files;

import org.jspecify.annotations.NullMarked;
