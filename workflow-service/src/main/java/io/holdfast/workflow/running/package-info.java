/** What becomes of a started execution, and what must not be started. Knows no broker and no database. */
@NullMarked
package io.holdfast.workflow.running;

import org.jspecify.annotations.NullMarked;
