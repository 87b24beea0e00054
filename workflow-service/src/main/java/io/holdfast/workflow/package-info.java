package io.holdfast.workflow;
