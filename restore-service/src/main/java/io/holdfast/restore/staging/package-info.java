/**
 * The state of an archive beside the live one: built, loaded, indexed and verified in schemas of its own. Must not know requests, the
 * restore rule, or the swap.
 */
@NullMarked
package io.holdfast.restore.staging;

import org.jspecify.annotations.NullMarked;
