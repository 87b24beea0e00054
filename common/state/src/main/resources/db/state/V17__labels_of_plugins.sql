-- Labels of plugins were kept as their yaml has them, {KEY: {values: [VALUE]}}, and are shown as {KEY: [VALUE]}. What has another form stays.
UPDATE ${inventory}.plugins
SET
    labels = CASE jsonb_typeof(labels) WHEN 'object' THEN
        (SELECT coalesce(jsonb_object_agg(l.key, CASE jsonb_typeof(l.value #> '{values}') WHEN 'array' THEN l.value -> 'values' ELSE l.value END), '{}')
         FROM jsonb_each(labels) AS l)
    ELSE labels END,
    blueprint_labels = CASE jsonb_typeof(blueprint_labels) WHEN 'object' THEN
        (SELECT coalesce(jsonb_object_agg(l.key, CASE jsonb_typeof(l.value #> '{values}') WHEN 'array' THEN l.value -> 'values' ELSE l.value END), '{}')
         FROM jsonb_each(blueprint_labels) AS l)
    ELSE blueprint_labels END
WHERE jsonb_path_exists(labels, '$.*.values') OR jsonb_path_exists(blueprint_labels, '$.*.values');
