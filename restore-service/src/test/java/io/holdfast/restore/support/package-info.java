/** What tests of restores need: managers with contents, archives of them, comparisons. */
@NullMarked
package io.holdfast.restore.support;

import org.jspecify.annotations.NullMarked;
