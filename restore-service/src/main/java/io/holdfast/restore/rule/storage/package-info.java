/** The restore rule as SQL on whole tables. Must not know where the staged state came from. */
@NullMarked
package io.holdfast.restore.rule.storage;

import org.jspecify.annotations.NullMarked;
