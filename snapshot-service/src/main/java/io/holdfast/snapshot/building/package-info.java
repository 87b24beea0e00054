/**
 * Building of archives: what a build is asked for, how far it is, what becomes of it when its process dies. Knows neither PostgreSQL nor
 * the catalogue's tables; the engine that exports the state is in {@code storage}.
 */
@NullMarked
package io.holdfast.snapshot.building;

import org.jspecify.annotations.NullMarked;
