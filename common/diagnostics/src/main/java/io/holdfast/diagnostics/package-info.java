/**
 * What a process tells of itself to whoever looks for a fault: its log, threads, memory, disks and settings, and what its services have in
 * their control schemas. Secrets leave the process in none of it. Knows no service by name.
 */
@NullMarked
package io.holdfast.diagnostics;

import org.jspecify.annotations.NullMarked;
