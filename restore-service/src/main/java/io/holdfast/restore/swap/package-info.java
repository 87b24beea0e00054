/**
 * The moment in which the staged state becomes the live one, and back again. Must not know how the staged state was built or who asked.
 */
@NullMarked
package io.holdfast.restore.swap;

import org.jspecify.annotations.NullMarked;
