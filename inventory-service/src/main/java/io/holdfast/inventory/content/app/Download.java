package io.holdfast.inventory.content.app;

/**
 * Content on its way to a client.
 *
 * @param filename that the client may save it under; without a path
 */
public record Download(String filename, ContentLibrary.Content content) {}
