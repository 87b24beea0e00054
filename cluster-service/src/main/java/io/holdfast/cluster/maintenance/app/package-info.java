/** What operators and restores do with the gate, each in one transaction with its event. Knows no transport. */
@NullMarked
package io.holdfast.cluster.maintenance.app;

import org.jspecify.annotations.NullMarked;
