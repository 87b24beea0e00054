/** What every service must accept and refuse alike as an id. */
@NullMarked
package io.holdfast.contracts.ids;

import org.jspecify.annotations.NullMarked;
