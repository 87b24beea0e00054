/**
 * How secrets are sealed at rest: data keys, wrapped with the manager's master key, seal single values. Knows no table but the one
 * that holds the wrapped data keys.
 */
@NullMarked
package io.holdfast.state.secrets;

import org.jspecify.annotations.NullMarked;
