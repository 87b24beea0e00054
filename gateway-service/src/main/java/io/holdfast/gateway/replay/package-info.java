/** Events that were published lately, to be published again. Knows neither HTTP nor the services that keep them. */
@NullMarked
package io.holdfast.gateway.replay;

import org.jspecify.annotations.NullMarked;
