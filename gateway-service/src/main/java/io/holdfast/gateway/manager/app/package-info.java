/** Finds out how the manager's parts are. */
@NullMarked
package io.holdfast.gateway.manager.app;

import org.jspecify.annotations.NullMarked;
