/**
 * Requests of external producers that come in over the broker: who may ask what, and what they are answered. Asks the owning services
 * for everything that REST asks them for; knows neither how messages arrive nor how anything is stored.
 */
@NullMarked
package io.holdfast.gateway.requests;

import org.jspecify.annotations.NullMarked;
