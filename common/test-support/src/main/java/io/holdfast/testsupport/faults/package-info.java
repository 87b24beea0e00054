/**
 * A laboratory for clusters: nodes as network namespaces on one bridge, faults from a killed process to an asymmetric cut, clients that
 * write all the time. It starts real processes and knows no service's classes. Needs Linux, root and iproute2; everything it makes is
 * named after its own process and taken away again.
 */
@NullMarked
package io.holdfast.testsupport.faults;

import org.jspecify.annotations.NullMarked;
