/** The manager itself: its version, its parts and how they are. Knows no tenant and no user. */
@NullMarked
package io.holdfast.gateway.manager;

import org.jspecify.annotations.NullMarked;
