/** Rules of node instances: what their system properties say of them. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.nodes;

import org.jspecify.annotations.NullMarked;
