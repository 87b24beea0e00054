/** Where tasks graphs and operations are written, and who changes node instances. Knows no HTTP of its own. */
@NullMarked
package io.holdfast.scheduler.operations.storage;

import org.jspecify.annotations.NullMarked;
