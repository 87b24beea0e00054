/**
 * All services together, started and used as an operator would: the script, the public API, the command line. Knows no class of a
 * service.
 */
@NullMarked
package io.holdfast.e2e;

import org.jspecify.annotations.NullMarked;
