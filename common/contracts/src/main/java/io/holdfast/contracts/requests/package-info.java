/**
 * What external producers may ask over {@code holdfast.requests}, and what they are answered. Bodies are JSON in snake_case like the
 * manager API's; beside each record lies its JSON Schema, which is what a request is checked against. Knows no broker.
 */
@NullMarked
package io.holdfast.contracts.requests;

import org.jspecify.annotations.NullMarked;
