-- SPDX-License-Identifier: LGPL-2.1-or-later
-- SPDX-FileCopyrightText: The Corm authors
-- Which subscription a person has.
-- corm:after 001

-- corm:up
-- corm:only pgsql mysql
ALTER TABLE profiles ADD COLUMN user_tier VARCHAR(20) NOT NULL DEFAULT 'FREE';
CREATE INDEX ix_profiles_user_tier ON profiles (user_tier);
ALTER TABLE profiles ADD CONSTRAINT ck_profiles_user_tier_valid CHECK (user_tier IN ('FREE', 'PRO', 'ENTERPRISE'));

-- corm:up
-- corm:only sqlite3
ALTER TABLE profiles ADD COLUMN user_tier VARCHAR(20) NOT NULL DEFAULT 'FREE'
    CONSTRAINT ck_profiles_user_tier_valid CHECK (user_tier IN ('FREE', 'PRO', 'ENTERPRISE'));
CREATE INDEX ix_profiles_user_tier ON profiles (user_tier);

-- corm:down
-- corm:only pgsql
ALTER TABLE profiles DROP CONSTRAINT ck_profiles_user_tier_valid;
DROP INDEX ix_profiles_user_tier;
ALTER TABLE profiles DROP COLUMN user_tier;

-- corm:down
-- corm:only mysql
ALTER TABLE profiles DROP CONSTRAINT ck_profiles_user_tier_valid;
DROP INDEX ix_profiles_user_tier ON profiles;
ALTER TABLE profiles DROP COLUMN user_tier;

-- corm:down
-- corm:only sqlite3
DROP INDEX ix_profiles_user_tier;
ALTER TABLE profiles DROP COLUMN user_tier;
