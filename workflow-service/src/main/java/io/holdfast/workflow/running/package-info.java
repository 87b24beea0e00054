/** What becomes of a started execution. Knows no broker and no database. */
@NullMarked
package io.holdfast.workflow.running;

import org.jspecify.annotations.NullMarked;
