/**
 * Restores as users ask for and see them: their parameters, their life, who runs them. Must not know how rows are loaded or schemas
 * renamed.
 */
@NullMarked
package io.holdfast.restore.requests;

import org.jspecify.annotations.NullMarked;
