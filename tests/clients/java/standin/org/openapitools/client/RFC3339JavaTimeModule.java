package org.openapitools.client;

/** Stands for the generated class of the same name, which needs more of Jackson's module for dates. */
public class RFC3339JavaTimeModule extends com.fasterxml.jackson.databind.module.SimpleModule {}
