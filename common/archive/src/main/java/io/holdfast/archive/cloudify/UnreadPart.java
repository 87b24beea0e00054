package io.holdfast.archive.cloudify;

/**
 * Something in an archive that this reader does not know, so that nothing is left out silently.
 *
 * @param path the file's name in the archive
 * @param reason why it is not read, as a clause
 */
public record UnreadPart(String path, String reason) {}
