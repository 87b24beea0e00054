/** The parked messages of all services as one list. */
@NullMarked
package io.holdfast.gateway.deadletters;

import org.jspecify.annotations.NullMarked;
