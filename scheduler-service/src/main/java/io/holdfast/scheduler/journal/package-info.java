/** Events and logs that workers report, and how they are written. Knows no HTTP and no database. */
@NullMarked
package io.holdfast.scheduler.journal;

import org.jspecify.annotations.NullMarked;
