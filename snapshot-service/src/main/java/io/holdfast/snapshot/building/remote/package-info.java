/** What building tells other services at once, besides the events that tell it reliably. */
@NullMarked
package io.holdfast.snapshot.building.remote;

import org.jspecify.annotations.NullMarked;
