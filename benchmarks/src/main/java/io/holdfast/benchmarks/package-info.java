/** Speed as ratios against a named peer, side by side in one run, so that the machine drops out. Nothing depends on it. */
@NullMarked
package io.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
